using System.Runtime.InteropServices;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>STARTUPINFOEX: the standard handles, and what is inherited.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct WindowsStart
{
    /// <summary>STARTF_USESTDHANDLES.</summary>
    public const uint UseHandles = 0x100;

    /// <summary>The size of this structure.</summary>
    public uint Length;
    public nint Reserved;
    public nint Desktop;
    public nint Title;
    public uint X;
    public uint Y;
    public uint Width;
    public uint Height;
    public uint Columns;
    public uint Rows;
    public uint FillAttribute;

    /// <summary>Which of the fields count.</summary>
    public uint Flags;
    public ushort ShowWindow;
    public ushort ReservedLength;
    public nint ReservedBytes;

    /// <summary>Standard input.</summary>
    public nint Input;

    /// <summary>Standard output.</summary>
    public nint Output;

    /// <summary>Standard error.</summary>
    public nint Error;

    /// <summary>The list of attributes.</summary>
    public byte* Attributes;
}
