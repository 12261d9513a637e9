// 154baf8c00888991
import{N as a,O as b}from"./part-H2Z72M4C.js";export{b as flushFromWorker,a as outbox};
