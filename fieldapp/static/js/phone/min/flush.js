// 154baf8c00888991
import{N as o,O as r}from"./part-H2Z72M4C.js";export{r as flushFromWorker,o as outbox};
