// eead419cf441f9f1
import{N as a,O as b}from"./part-SSEUOAAN.js";export{b as flushFromWorker,a as outbox};
