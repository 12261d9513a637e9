// eead419cf441f9f1
import{N as o,O as r}from"./part-SSEUOAAN.js";export{r as flushFromWorker,o as outbox};
