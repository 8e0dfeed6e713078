const plural = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

type Outcomes = Readonly<Record<'done' | 'rejected' | 'failed', string>>;

/** What a function did, by its key in serverless.yml; a function that is not here is shown by its name. */
const did: Readonly<Record<string, Outcomes | undefined>> = {
  createOrder: { done: 'Order taken', rejected: 'Order refused', failed: 'Order not taken' },
  reserveInventory: {
    done: 'Stock reserved',
    rejected: 'Stock could not be reserved',
    failed: 'Reserving failed',
  },
  settleOrder: { done: 'Order confirmed', rejected: 'Order rejected', failed: 'Settling failed' },
  cancelOrder: { done: 'Order cancelled', rejected: 'Cancel refused', failed: 'Cancelling failed' },
  releaseInventory: { done: 'Stock released', rejected: 'Nothing to release', failed: 'Releasing failed' },
  notify: { done: 'Customer notified', rejected: 'Customer notified', failed: 'Notifying failed' },
};

/** The console in English; every other dictionary has the same shape. */
export const en = {
  consoleName: 'Console',
  skip: 'Skip to content',
  loading: 'Loading…',
  working: 'Working…',
  unknown: 'unknown',
  tryAgain: 'Try again',
  failed: (reason: string) => `That failed: ${reason}`,
  yes: 'Yes, do it',
  no: 'No, go back',
  older: 'Older',
  newest: 'Back to the newest',
  more: 'More',
  nothingHere: 'There is no such page',
  deadLetterCount: (count: number) => plural(count, 'dead letter', 'dead letters'),
  recordAt: (topic: string, partition: number, offset: number) =>
    `Record of ${topic}, partition ${partition}, offset ${offset}`,
  nav: {
    '': 'Overview',
    orders: 'Orders',
    flow: 'Flow',
    topics: 'Topics',
    'dead-letters': 'Dead letters',
    stock: 'Stock',
    inbox: 'Inbox',
  },
  preferences: {
    theme: 'Theme',
    language: 'Language',
    signOut: 'Sign out',
    themes: { system: 'System', light: 'Light', dark: 'Dark' },
  },
  signInPage: {
    title: 'Sign in',
    lead: (issuer: string) =>
      `Customers see their own orders here, operators see everything. You sign in at ${issuer}.`,
    button: 'Sign in',
  },
  operatorsOnly: {
    title: 'For operators',
    lead: 'This page is for operators. Sign out, and sign in as one, to see it.',
  },
  trouble: {
    of: (part: 'kafka' | 'database' | 'inbox', status: number) => {
      if (status === 0) return 'The service does not answer.';
      if (status === 403) return 'You are not allowed to see this.';
      if (status < 500) return 'This could not be shown.';
      return { kafka: 'Kafka', database: 'The database', inbox: 'The inbox' }[part] + ' does not answer.';
    },
    stale: (age: string) => `What you see is ${age} old.`,
  },
  orderStatus: {
    PENDING: 'Pending',
    CONFIRMED: 'Confirmed',
    REJECTED: 'Rejected',
    CANCELLED: 'Cancelled',
  },
  letterStatus: { NEW: 'New', REDRIVEN: 'Redriven', PARKED: 'Parked', DISCARDED: 'Discarded' },
  deliveryStatus: { PENDING: 'Pending', SENT: 'Sent', SKIPPED: 'Skipped', FAILED: 'Failed' },
  columns: {
    order: 'Order',
    status: 'Status',
    items: 'Items',
    customer: 'Customer',
    placed: 'Placed',
    function: 'Function',
    topic: 'Topic',
    group: 'Consumer group',
    rate: 'Records/s',
    lag: 'Lag',
    oldest: 'Oldest waits',
    deadLetters: 'Dead letters',
    records: 'Records',
    partitions: 'Partitions and offsets',
    partition: 'Partition',
    offset: 'Offset',
    place: 'Place',
    key: 'Key',
    time: 'Time',
    value: 'Value',
    name: 'Name',
    available: 'Available',
    reserved: 'Reserved',
    onHand: 'On hand',
    cause: 'Cause',
    count: 'Count',
    newest: 'Newest',
    actions: 'Actions',
    letter: 'Dead letter',
    record: 'Record',
    failed: 'Failed',
  },
  overview: {
    title: 'Overview',
    lead: 'Place an order and watch it travel.',
    empty: 'Nothing has been ordered yet. Place an order below and watch it travel.',
    place: 'Place an order',
    recent: 'Latest orders',
    allOrders: 'All orders',
    howToBegin: 'The form places an order and takes you to its journey. From a terminal, the same is:',
    figures: 'How the system is doing',
    rate: 'Orders a minute',
    lag: 'Records waiting',
    oldest: 'The oldest has waited',
    deadLetters: 'To be decided',
    causes: 'Dead letters by cause',
  },
  placeOrder: {
    customer: 'Customer number',
    sku: 'SKU',
    quantity: 'Quantity',
    line: (number: number) => `Line ${number}`,
    addLine: 'Add a line',
    removeLine: (number: number) => `Remove line ${number}`,
    available: (units: number) => `${units} available`,
    place: 'Place order',
    fail: (sku: string) => `Place one that fails (${sku})`,
    failHint:
      'Orders for this SKU fail on purpose: three attempts, then a dead letter that you can send again from the journey.',
  },
  ordersPage: {
    title: 'Orders',
    lead: 'The newest first. An order’s number leads to its journey.',
    anyStatus: 'Any',
    empty: 'There are no orders to show.',
    placeOne: 'Place one on the overview.',
  },
  journey: {
    title: (orderId: string) => `Order ${orderId}`,
    steps: 'What has happened, step by step',
    customer: 'customer',
    cancel: 'Cancel order',
    cancelQuestion: (orderId: number) =>
      `Cancel order ${orderId}? What is reserved for it is released. This cannot be undone.`,
    did,
    published: 'Published',
    total: (time: string) => `From the order to the last step: ${time}.`,
    noRecords: 'Its records are no longer on the topics; what you see comes from the database.',
    setAside: (items: string) => `Set aside for this order: ${items}.`,
    shortage: (requested: number, available: number) => `wanted ${requested}, available ${available}`,
    reasons: {
      OUT_OF_STOCK: 'There is not enough in stock.',
      UNKNOWN_SKU: 'It names a SKU that does not exist.',
      ORDER_CANCELLED: 'The order was cancelled before its stock was reserved.',
    } as Readonly<Record<string, string | undefined>>,
    kinds: { reserved: 'Confirmation', rejected: 'Rejection', released: 'Cancellation' },
    channels: { email: 'e-mail', sms: 'SMS', push: 'push', webhook: 'webhook' } as Readonly<
      Record<string, string | undefined>
    >,
    message: (kind: string, channel: string) => `${kind} by ${channel}`,
    showMail: (subject: string) => `Show the mail “${subject}”`,
    letter: (id: number) => `Dead letter ${id}`,
    redriven: (count: number) => `redriven ${plural(count, 'time', 'times')} before`,
  },
  waiting: {
    since: (time: string) => `Waiting for ${time}.`,
    underWay: 'The order is being processed.',
    outbox:
      'Kafka does not have the order’s event yet. It is safe in the outbox, which is relayed every minute.',
    settling: 'The decision is made; settleOrder is about to write it to the order.',
    decision: (id: number) =>
      `Reserving failed too often, so dead letter ${id} waits for a decision: redrive it below, or park it.`,
    triggerUnknown: (name: string) => `Waiting for ${name}; how far it is behind is unknown.`,
    trigger: (name: string, ahead: number, partition: number, remaining: string | undefined) => {
      if (ahead < 0) return `${name} has taken it; what came of it will be here in a moment.`;
      if (ahead === 0) return `${name} is working on it.`;
      const time = remaining === undefined ? '' : `, about ${remaining}`;
      return `Waiting for ${name}: ${plural(ahead, 'record', 'records')} ahead in partition ${partition}${time}.`;
    },
  },
  flowPage: {
    title: 'Flow',
    lead: 'Which function reacts to what, drawn from the deployed serverless.yml, and how each trigger keeps up.',
    picture: 'Functions and topics from left to right',
    table: 'Every trigger',
    archive: 'What fails goes to the dead-letter topic of its topic, from where archiveDeadLetter files it.',
    unavailable: (parts: string) => `${parts} does not answer, so part of this is unknown.`,
    rate: (rate: string) => `${rate}/s`,
    rateUnknown: 'rate unknown',
    lag: (records: string) => `${records} waiting`,
    lagUnknown: 'lag unknown',
    letters: (count: number) => plural(count, 'dead letter', 'dead letters'),
  },
  topicsPage: {
    title: 'Topics',
    lead: 'What each topic holds. Looking joins no consumer group, so it changes nothing.',
  },
  topicPage: {
    lead: 'Newest first and live, unless you search.',
    from: 'From',
    search: 'Search',
    live: 'Newest, live',
    empty: 'No records here.',
    keyNotFound: 'No record with this key in what was searched.',
    searched: (partition: number, from: number, to: number) =>
      `Searched partition ${partition}, which this key belongs to, from offset ${from} up to ${to}.`,
  },
  recordPage: {
    about: 'Record',
    previous: 'Previous',
    next: 'Next',
    headers: 'Headers',
    noHeaders: 'No headers.',
    size: (bytes: string) => `${bytes} bytes`,
    tombstone: 'null: a tombstone, which deletes its key from a compacted topic.',
    cut: 'Only the first 64 kB are shown.',
    loadAll: 'Load all',
    hex: 'As bytes',
    missing: (start: number, end: number) =>
      `There is no record at this offset. The partition holds offsets ${start} up to, but not including, ${end}.`,
    noPartition: 'The topic has no such partition.',
  },
  stockPage: {
    title: 'Stock',
    lead: 'What is on hand, what is reserved for orders, and what is left.',
    change: 'Set on hand',
    onHandOf: (sku: string) => `On hand of ${sku}`,
    set: 'Set',
    newSku: 'Add a SKU',
    newHint: 'Type its name first.',
  },
  inboxPage: {
    title: 'Inbox',
    lead: 'Mails to customers, kept on this machine and never delivered.',
    empty: 'No mails yet.',
    placeOne: 'Place an order, and its customer gets one.',
  },
  mail: {
    to: 'To',
    subject: 'Subject',
    received: 'Received',
    phoneWidth: 'Phone width',
    frame: (subject: string) => `Mail: ${subject}`,
  },
  lettersPage: {
    title: 'Dead letters',
    lead: 'Records that failed for good. Send them again once the cause is fixed, or lay them aside.',
    empty: 'Nothing has failed.',
    noneFound: 'No dead letter matches.',
    showAll: 'Show all dead letters',
    causes: 'By cause',
    letters: 'One by one',
    redriveQuestion: (count: number, topic: string) =>
      `Send ${plural(count, 'record', 'records')} to ${topic} again? Every consumer group of that topic reads them once more. A redrive cannot be undone.`,
    parkQuestion: (count: number) =>
      `Park ${plural(count, 'dead letter', 'dead letters')}? No bulk redrive takes them after that.`,
  },
  letterPage: {
    title: (id: string) => `Dead letter ${id}`,
    unknownCause: 'Unknown cause',
    stack: 'Stack',
    original: 'Original record',
  },
  letterAction: {
    redrive: 'Redrive',
    redriveAll: (count: number) => `Redrive ${count}`,
    park: 'Park',
    parkAll: 'Park all',
    discard: 'Discard',
    takeBack: 'Take back',
  },
  redriveFound: { nothing: 'It was not sent: somebody has decided about it meanwhile.' },
};

export type Texts = typeof en;
