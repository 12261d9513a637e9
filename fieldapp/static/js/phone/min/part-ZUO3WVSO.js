// 727e48af72159258
import{N as a,O as b}from"./part-JYLD74LP.js";export{b as flushFromWorker,a as outbox};
