// Native calls of blittable types only: they are then compiled ahead of time instead of at start-up.
[assembly: System.Runtime.CompilerServices.DisableRuntimeMarshalling]
