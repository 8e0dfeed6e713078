-- Up Migration

-- Writes an order and its event. A function, because PostgreSQL keeps the plans of what is in it for as long as a connection lasts: as one
-- statement, planned for each order, the same takes twice the time. Nothing in it is looked up, so no plan can grow old.
CREATE FUNCTION orders.place_order(
  order_user_id bigint, order_items json, order_created_at timestamptz,
  payload_tail text, order_event_id uuid, event_topic text, event_traceparent text,
  OUT order_id bigint, OUT outbox_id bigint, OUT payload text
) LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO orders.orders AS o (user_id, items, created_at, updated_at)
  VALUES (order_user_id, order_items, order_created_at, order_created_at)
  RETURNING o.order_id INTO place_order.order_id;

  INSERT INTO orders.outbox AS b (event_id, topic, order_id, event_time, payload, traceparent)
  VALUES (
    order_event_id, event_topic, place_order.order_id, order_created_at,
    '{"orderId":' || place_order.order_id || payload_tail, event_traceparent
  )
  RETURNING b.outbox_id, b.payload INTO place_order.outbox_id, place_order.payload;
END $$;

-- Down Migration
DROP FUNCTION orders.place_order;
