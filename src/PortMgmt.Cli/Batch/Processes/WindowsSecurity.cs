using System.Runtime.InteropServices;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>SECURITY_ATTRIBUTES, of which only whether a handle is inherited is ever set.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WindowsSecurity
{
    /// <summary>The size of this structure.</summary>
    public uint Length;

    /// <summary>The security descriptor; 0 for that of the process.</summary>
    public nint Descriptor;

    /// <summary>Whether children inherit the handle: 1 or 0.</summary>
    public int Inherit;
}
