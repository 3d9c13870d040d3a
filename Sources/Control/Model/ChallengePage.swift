// The page that has a browser solve a puzzle.

/// Its texts. In `front`, `{style}`, `{cookie}` and `{age}` are replaced; the puzzle stands between `front` and `middle`, the
/// request's id between `middle` and `end`.
enum ChallengePage {
    static let style =
        "body{font:16px/1.5 system-ui,sans-serif;margin:15vh auto;max-width:34em;padding:0 1em}small{color:#777}"

    static let front = """
        <!doctype html>
        <html lang="en">
        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>One moment</title>
        <style>{style}</style></head>
        <body data-cookie="{cookie}" data-age="{age}" data-puzzle="
        """

    static let middle = """
        "><h1>One moment</h1>
        <p id="word">Your browser is doing a small sum, to show that it is one. Then this page goes on by itself.</p>
        <noscript><p>For that, JavaScript has to be on.</p></noscript>
        <p><small>Request id:\u{20}
        """

    static let end = """
        </small></p>
        <script>\(script)</script></body>
        </html>

        """

    /// Looks for the number that solves the puzzle, sets the cookie and asks again. SHA-256 is written out: `crypto.subtle` is there
    /// over TLS alone, and to wait for it takes longer than the digest of one block, of which the first word is all that counts.
    /// Who was refused with a solution that was just made does not go on for ever.
    static let script = """
        "use strict";(()=>{
        const d=document.body.dataset,say=t=>{document.getElementById("word").textContent=t};
        const k=new Uint32Array(64),s=new Uint32Array(8),w=new Uint32Array(64);
        for(let p=2,n=0;n<64;p++){let q=2;while(q*q<=p&&p%q)q++;if(q*q<=p)continue;
        if(n<8)s[n]=Math.sqrt(p)*4294967296;k[n++]=Math.cbrt(p)*4294967296}
        const r=(x,n)=>x>>>n|x<<32-n;
        const sum=t=>{w.fill(0);for(let i=0;i<t.length;i++)w[i>>2]|=t.charCodeAt(i)<<24-i%4*8;
        w[t.length>>2]|=128<<24-t.length%4*8;w[15]=t.length*8;
        for(let i=16;i<64;i++){const x=w[i-15],y=w[i-2];
        w[i]=w[i-16]+w[i-7]+(r(x,7)^r(x,18)^x>>>3)+(r(y,17)^r(y,19)^y>>>10)}
        let [a,b,c,e,f,g,h,j]=s;
        for(let i=0;i<64;i++){const t1=j+(r(f,6)^r(f,11)^r(f,25))+(f&g^~f&h)+k[i]+w[i]|0,
        t2=(r(a,2)^r(a,13)^r(a,22))+(a&b^a&c^b&c)|0;j=h;h=g;g=f;f=e+t1|0;e=c;c=b;b=a;a=t1+t2|0}
        return a+s[0]|0};
        const puzzle=d.puzzle,bits=+puzzle.split(".")[1],name=d.cookie+"=";
        const own=()=>(("; "+document.cookie).split("; "+name)[1]||"").split(";")[0];
        const time=t=>parseInt(t.split(".")[0],16);
        if(own()&&time(puzzle)-time(own())<10&&own().split(".")[1]===puzzle.split(".")[1])
        return say("This did not work. Please try again in a minute.");
        let n=0;
        const done=v=>{document.cookie=name+v+"; Path=/; Max-Age="+d.age+"; SameSite=Lax"
        +(location.protocol==="https:"?"; Secure":"");
        own()===v?location.reload():say("For this, cookies have to be allowed.")};
        const step=()=>{for(const end=n+4000;n<end;n++){const v=puzzle+"."+n;
        if(Math.clz32(sum(v))>=bits)return done(v)}setTimeout(step)};
        step()})()
        """
}
