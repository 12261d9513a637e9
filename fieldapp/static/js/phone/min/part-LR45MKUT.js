// 05d20ec12facfdf2
import{N as a,O as b}from"./part-SHF2GPRE.js";export{b as flushFromWorker,a as outbox};
