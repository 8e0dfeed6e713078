/** Sends made at once, at most: in all, and to one host of customers' own addresses. */
export const sendsAtOnce = 40;
export const sendsAtOncePerHost = 5;
