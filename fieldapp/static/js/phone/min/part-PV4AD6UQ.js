// 154baf8c00888991
import{N as a,O as b}from"./part-VDLKHULK.js";export{b as flushFromWorker,a as outbox};
