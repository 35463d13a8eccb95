using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using PortMgmt.Platform.Native;

namespace PortMgmt.Platform.Linux;

/// <summary>Reads what /proc has in small files and links.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe class LinuxProcFile
{
    /// <summary>
    /// Reads a small file of the kernel's; the number of bytes, or -1 where it is not there or not for this user. That there
    /// was no descriptor to read it with says nothing, and must not be taken for an answer.
    /// </summary>
    public static int Read(string path, Span<byte> buffer)
    {
        const int TableFull = 23, TooManyOpen = 24, NoMemory = 12;
        int length = LinuxLibC.ReadSmallFile(path, buffer);
        if (length < 0 && Marshal.GetLastPInvokeError() is TableFull or TooManyOpen or NoMemory)
        {
            throw LibC.LastError(path);
        }

        return length;
    }

    /// <summary>The number of one of this process's namespaces; 0 where the system has none of that kind, or does not tell.</summary>
    public static ulong ReadNamespace(string kind)
    {
        // The link reads "pid:[4026531836]".
        Span<byte> text = stackalloc byte[64];
        nint length;
        fixed (byte* start = text)
        {
            length = LinuxLibC.ReadLink("/proc/self/ns/" + kind, start, (nuint)text.Length);
        }

        int bracket = length <= 0 ? -1 : text[..(int)length].IndexOf((byte)'[');
        return bracket >= 0 && Utf8Parser.TryParse(text[(bracket + 1)..(int)length], out ulong number, out _) ? number : 0;
    }
}
