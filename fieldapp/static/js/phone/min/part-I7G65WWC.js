// 2715b121c2b2ac1f
import{X as a,Y as b}from"./part-62TAPEH2.js";export{b as flushFromWorker,a as outbox};
