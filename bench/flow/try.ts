import { makeBed } from '../service/bed.ts';
import { drainLimit, drainReserveStage, drainService } from './drain.ts';
import { makeBacklog, clearAll } from './orders.ts';
const orders = Number(process.env.ORDERS ?? 50000);
const rounds = Number(process.env.ROUNDS ?? 3);
const kinds = (process.env.KINDS ?? 'limit,reserve').split(',');
const bed = await makeBed(Number(process.env.FIRST_PORT ?? 26100));
try {
  for (let r = 0; r < rounds; r++) for (const kind of kinds) {
    await clearAll(bed);
    const t=Date.now(); await makeBacklog(bed, { orders }); const made = Date.now()-t;
    const profileDirectory = process.env.PROFILE && process.env.PROFILE + '-' + kind;
    const f = kind === 'limit' ? drainLimit : kind === 'reserve' ? drainReserveStage : drainService;
    const d = await f(bed, { profileDirectory }, () => {});
    const { rows } = await bed.database.query(`select (select count(*) from inventory.reservation) res, (select count(*) from orders.orders where status <> 'PENDING') settled, (select count(*) from notification.delivery) notified, extract(epoch from (select max(outcome_time)-min(outcome_time) from inventory.reservation))*1000 as span`);
    console.log(kind.padEnd(8), d.stageMs.map(ms => `${Math.round(orders / ms * 1000)}/s`).join(' '), 'cpu us/order', Object.entries(d.usage).map(([k,u]) => `${k} ${Math.round(u.cpuMs*1000/orders)} (${Math.round(u.rssMb)}MB)`).join(' '), 'made in', made, JSON.stringify(rows[0]));
    if (process.env.SQL) { const q = await bed.database.query(process.env.SQL); console.table(q.rows); }
  }
} finally { await bed.stop(); }
