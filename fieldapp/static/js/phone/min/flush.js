// b2cf26bbe2b0eff4
import{N as o,O as r}from"./part-QH6ND6QM.js";export{r as flushFromWorker,o as outbox};
