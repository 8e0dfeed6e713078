-- Demo data of a laptop. Run after every migration, so each statement only fills an empty table.
INSERT INTO inventory.stock (sku, on_hand)
SELECT sku, on_hand
FROM (VALUES ('ABC-001', 100000), ('ABC-002', 0)) AS demo (sku, on_hand)
WHERE NOT EXISTS (SELECT FROM inventory.stock);

INSERT INTO notification.contact (user_id, email)
SELECT 42, 'user42@example.com'
WHERE NOT EXISTS (SELECT FROM notification.contact);
