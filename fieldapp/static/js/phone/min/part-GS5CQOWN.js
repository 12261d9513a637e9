// f95404b30101d35f
import{N as a,O as b}from"./part-3TP46YMH.js";export{b as flushFromWorker,a as outbox};
