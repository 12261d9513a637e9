// 727e48af72159258
import{N as o,O as r}from"./part-JYLD74LP.js";export{r as flushFromWorker,o as outbox};
