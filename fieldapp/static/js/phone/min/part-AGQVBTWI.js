// bb54cb47104e230f
import{d as a,e as b,f as c}from"./part-6L5QSQTX.js";import"./part-DJZ3RZYV.js";export{c as flushFromWorker,a as outbox,b as startOutbox};
