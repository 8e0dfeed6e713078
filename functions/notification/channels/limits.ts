/** Maximum concurrent sends: in total, and to one host of customers' own addresses. */
export const sendsAtOnce = 40;
export const sendsAtOncePerHost = 5;
