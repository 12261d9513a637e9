// 154baf8c00888991
import{N as o,O as r}from"./part-VDLKHULK.js";export{r as flushFromWorker,o as outbox};
