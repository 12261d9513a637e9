// ae29c4efd0da37c3
import{d as o,e as r}from"./part-FQYRLTYC.js";import"./part-YCVBJALI.js";export{r as flushFromWorker,o as outbox};
