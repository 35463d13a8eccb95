using System.Runtime.CompilerServices;

// Every native signature here is blittable: no stub has to be generated, and the code can be compiled ahead of time.
[assembly: DisableRuntimeMarshalling]
