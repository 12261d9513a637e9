// acf55fd9b8ede0bf
import{N as o,O as r}from"./part-H5E77DNR.js";export{r as flushFromWorker,o as outbox};
