// 323892e59ec5746d
function c(t){let e=t.cloneNode(!0);return document.body.append(e),e.addEventListener("close",()=>e.remove()),e.addEventListener("click",({target:n})=>{let o=n.closest("[data-close]");o&&e.close(o.dataset.close)}),e}export{c as a};
