// eead419cf441f9f1
import{$ as t,S as m,T as o,_ as r,aa as i,ga as p,ha as e,ia as f}from"./part-SSEUOAAN.js";var h={app:m,start:e,begin:o,leave:r,messages:t,"quick-start":i,today:f,seal_hint:p};export{h as modules};
