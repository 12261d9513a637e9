// 05d20ec12facfdf2
import{N as o,O as r}from"./part-SHF2GPRE.js";export{r as flushFromWorker,o as outbox};
