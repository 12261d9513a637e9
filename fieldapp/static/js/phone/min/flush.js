// 0194d09a462c444a
import{d as o,e as r}from"./part-QKAS5KNQ.js";import"./part-DJZ3RZYV.js";export{r as flushFromWorker,o as outbox};
