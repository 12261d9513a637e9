// bb54cb47104e230f
import{d as o,e as r,f as e}from"./part-6L5QSQTX.js";import"./part-DJZ3RZYV.js";export{e as flushFromWorker,o as outbox,r as startOutbox};
