# Writes resize-pillow.json.gz, images before and after Pillow's resize; needs Pillow (9.4 was used).
import json,gzip,random
from PIL import Image
random.seed(7)
out=[]
for (h,w,c,nh,nw) in [(5,3,1,11,13),(28,28,1,32,32),(28,28,1,17,19),(61,47,1,7,5),(61,47,3,32,32),(13,11,3,29,31),(97,3,1,5,23),(3,97,3,23,5),(7,11,1,7,5),(7,11,3,3,11),(64,64,3,32,32),(32,32,3,28,28),(1,1,1,5,7),(31,37,1,1,1),(2,2,3,64,3),(255,251,1,32,32)]:
    kind=len(out)%3
    n=h*w*c
    if kind==0: b=bytes(random.randrange(256) for _ in range(n))
    elif kind==1: b=bytes(random.choice((0,255)) for _ in range(n))
    else: b=bytes(min(255,max(0,int(128+100*((i%17)/17-.5)*((i//w)%13)))) for i in range(n))
    im=Image.frombytes('L' if c==1 else 'RGB',(w,h),b)
    r=im.resize((nw,nh),Image.BILINEAR)
    out.append(dict(height=h,width=w,channels=c,new_height=nh,new_width=nw,before=list(b),after=list(r.tobytes())))
open('resize-pillow.json.gz','wb').write(gzip.compress(json.dumps(out,separators=(',',':')).encode(),9,mtime=0))
