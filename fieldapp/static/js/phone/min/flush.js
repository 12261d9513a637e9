// f95404b30101d35f
import{N as o,O as r}from"./part-3TP46YMH.js";export{r as flushFromWorker,o as outbox};
