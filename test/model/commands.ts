import fc from 'fast-check';
import type { OrderItem } from '../../lib/contracts/order-item.ts';
import { faults, type Fault } from './fault.ts';
import { faultSku } from './worker.ts';
import type { DeliveryOptions, World } from './world.ts';

/** The stock when a run begins; NEVER does not exist. */
export const openingStock = { MANY: 1_000, FEW: 6, NONE: 0 };

/** Users are numbered from 1 to this. */
export const customers = 9;

/** One step of a run. fast-check shows its name when a run fails. */
class Step implements fc.AsyncCommand<object, World> {
  readonly #name: string;
  readonly #run: (world: World) => Promise<void> | void;

  constructor(name: string, run: (world: World) => Promise<void> | void) {
    this.#name = name;
    this.#run = run;
  }

  check(): boolean {
    return true;
  }

  async run(_model: object, world: World): Promise<void> {
    await this.#run(world);
  }

  toString(): string {
    return this.#name;
  }
}

/** Usually none: a run in which everything breaks shows little. */
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('none' as const) },
  { weight: 2, arbitrary: fc.constantFrom(...faults) },
);

const sku = fc.oneof(
  { weight: 4, arbitrary: fc.constant('FEW') },
  { weight: 3, arbitrary: fc.constant('MANY') },
  { weight: 1, arbitrary: fc.constantFrom('NONE', 'NEVER', faultSku) },
);
const item: fc.Arbitrary<OrderItem> = fc.record({ sku, qty: fc.integer({ min: 1, max: 3 }) });
const basket = fc.array(item, { minLength: 1, maxLength: 3 });

/**
 * Selects one of the orders placed so far, or of the places where records wait, however many there will be.
 */
const which = fc.nat({ max: 1_000 });
const userId = fc.integer({ min: 1, max: customers });

const delivery: fc.Arbitrary<DeliveryOptions> = fc.record({
  place: which,
  limit: fc.integer({ min: 1, max: 8 }),
  fault,
});

const wishOf = (world: World, index: number) => world.wishes[index % (world.wishes.length || 1)];

const place = fc
  .tuple(userId, basket, fault)
  .map(([user, items, broken]) =>
    step(`place ${JSON.stringify(items)}${suffix(broken)}`, (world) => world.place(user, items, broken)),
  );

const placeAgain = fc.tuple(which, fault).map(([index, broken]) =>
  step(`place ${index} again${suffix(broken)}`, async (world) => {
    const wish = wishOf(world, index);
    if (wish) await world.ask(wish, broken);
  }),
);

const placeTwiceAtOnce = which.map((index) =>
  step(`place ${index} from two windows`, async (world) => {
    const wish = wishOf(world, index);
    if (wish) await world.askTwiceAtOnce(wish);
  }),
);

const cancel = fc.tuple(which, fault).map(([index, broken]) =>
  step(`cancel ${index}${suffix(broken)}`, async (world) => {
    const wish = wishOf(world, index);
    if (wish) await world.cancel(wish, broken);
  }),
);

const deliver = delivery.map((options) =>
  step(`deliver ${shown(options)}`, (world) => world.deliver(options)),
);

const deliverEverywhere = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fault)
  .map(([limit, broken]) =>
    step(`deliver ${limit} records everywhere${suffix(broken)}`, (world) =>
      world.deliverEverywhere(limit, broken),
    ),
  );

const deliverTwice = delivery.map((options) =>
  step(`deliver to two at once ${shown(options)}`, (world) =>
    world.deliverAtOnce(options, { ...options, fault: 'none' }),
  ),
);

const deliverAtOnce = fc
  .tuple(delivery, delivery)
  .map(([one, other]) =>
    step(`deliver at once ${shown(one)} and ${shown(other)}`, (world) => world.deliverAtOnce(one, other)),
  );

const rewind = fc.tuple(which, fc.integer({ min: 1, max: 5 })).map(([index, by]) =>
  step(`rewind ${index} by ${by}`, (world) => {
    world.rewind(index, by);
  }),
);

const restock = fc
  .tuple(fc.constantFrom('FEW', 'NONE'), fc.nat({ max: 12 }))
  .map(([name, onHand]) => step(`restock ${name} to ${onHand}`, (world) => world.restock(name, onHand)));

const relay = fault.map((broken) =>
  step(`relay the outbox${suffix(broken)}`, (world) => world.relay(broken)),
);

const relayAtOnce = fault.map((broken) =>
  step(`relay the outbox twice at once${suffix(broken)}`, (world) => world.relayAtOnce(broken)),
);

const misuseKey = which.map((index) =>
  step(`place another order under the key of ${index}`, async (world) => {
    const wish = wishOf(world, index);
    if (wish) await world.misuseKey(wish);
  }),
);

const redrive = fault.map((broken) =>
  step(`redrive dead letters${suffix(broken)}`, (world) => world.redrive(broken)),
);

const poison = fc.nat({ max: 99 }).map((number) =>
  step(`write a record that is not JSON`, (world) => {
    world.poison(String(9_000_000_000_000_000 - number));
  }),
);

/** Any course of events. */
export const courses = fc.commands(
  [
    place,
    place,
    placeAgain,
    placeTwiceAtOnce,
    cancel,
    cancel,
    deliver,
    deliverEverywhere,
    deliverEverywhere,
    deliverTwice,
    deliverAtOnce,
    rewind,
    restock,
    relay,
    relayAtOnce,
    misuseKey,
    redrive,
    poison,
  ],
  { maxCommands: 60, size: 'max' },
);

function step(name: string, run: (world: World) => Promise<void> | void): Step {
  return new Step(name, run);
}

function suffix(broken: Fault): string {
  return broken === 'none' ? '' : ` (breaks ${broken})`;
}

function shown({ place: index, limit, fault: broken }: DeliveryOptions): string {
  return `${limit} records of ${index}${suffix(broken)}`;
}
