package plots
import ("testing";"fmt";"os")
func TestLook(t *testing.T){
 if os.Getenv("LOOK")=="" {t.Skip()}
 var c,r int
 fmt.Sscanf(os.Getenv("LOOK"),"%dx%d",&c,&r)
 for _,f:=range samples(){ if id:=os.Getenv("ID"); id!=""&&id!=f.ID {continue}
  ink:=MonoInk(); if os.Getenv("INK")=="dark"{ink=DarkInk()}
  fmt.Println("== "+f.ID); fmt.Println(f.Cells(c,r,ink)) }
}
