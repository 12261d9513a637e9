// acf55fd9b8ede0bf
import{N as a,O as b}from"./part-H5E77DNR.js";export{b as flushFromWorker,a as outbox};
