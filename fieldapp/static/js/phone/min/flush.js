// 2715b121c2b2ac1f
import{X as o,Y as r}from"./part-62TAPEH2.js";export{r as flushFromWorker,o as outbox};
