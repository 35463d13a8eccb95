using System.Runtime.CompilerServices;
using System.Runtime.Versioning;

namespace PortMgmt.Cli.Run;

/// <summary>
/// Refuses to begin where the limit of open files leaves no room for the runtime to load the parts of this program: it would end in the
/// middle of something, with a stack trace. So nothing here may need a part that is not loaded yet.
/// </summary>
internal static class OpenFilesCheck
{
    /// <summary>With which every verb begins, by trial.</summary>
    private const int Least = 40;

    /// <summary>Whether the limit is high enough; says so where it is not.</summary>
    public static bool Passes()
    {
        // A native program has no parts.
        if (OperatingSystem.IsWindows() || !RuntimeFeature.IsDynamicCodeSupported || LibC.GetOpenFilesLimit() is not { Hard: < Least and var limit })
        {
            return true;
        }

        Span<byte> digits = stackalloc byte[20];
        limit.TryFormat(digits, out int count);
        Write("portmgmt: The program cannot be loaded with a limit of "u8);
        Write(digits[..count]);
        Write(" open files. Raise it (ulimit -n 96).\n"u8);
        return false;
    }

    [UnsupportedOSPlatform("windows")]
    private static unsafe void Write(ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
        {
            _ = LibC.Write(2, start, (nuint)text.Length);
        }
    }
}
