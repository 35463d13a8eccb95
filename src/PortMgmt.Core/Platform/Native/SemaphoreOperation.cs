using System.Runtime.InteropServices;

namespace PortMgmt.Platform.Native;

/// <summary>The system's struct sembuf.</summary>
/// <param name="Number">Which semaphore of the set.</param>
/// <param name="Change">What to add; 0 waits until the value is zero.</param>
/// <param name="Flags">SEM_UNDO: the kernel takes the change back when the process ends.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SemaphoreOperation(ushort Number, short Change, short Flags);
