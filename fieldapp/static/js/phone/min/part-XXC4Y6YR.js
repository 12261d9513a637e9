// 0194d09a462c444a
import{d as a,e as b}from"./part-QKAS5KNQ.js";import"./part-DJZ3RZYV.js";export{b as flushFromWorker,a as outbox};
