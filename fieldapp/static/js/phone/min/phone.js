// f95404b30101d35f
import{X as m,Y as o,da as r,ea as t,fa as i,ga as p,ha as e,ia as f}from"./part-3TP46YMH.js";var h={app:m,start:e,begin:o,leave:r,messages:t,"quick-start":i,today:f,seal_hint:p};export{h as modules};
