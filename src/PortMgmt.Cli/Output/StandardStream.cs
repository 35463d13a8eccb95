using Microsoft.Win32.SafeHandles;
using PortMgmt.Cli.Run;

namespace PortMgmt.Cli.Output;

/// <summary>
/// The standard streams as plain streams. On Unix without <see cref="Console"/>: loading it costs a third of
/// a bare start, and it would install signal handlers and terminal settings that <c>run</c> must not hand on.
/// </summary>
internal static class StandardStream
{
    /// <summary>Standard input.</summary>
    /// <exception cref="IOException">It is closed.</exception>
    public static Stream OpenInput()
    {
        if (OperatingSystem.IsWindows())
        {
            return Console.OpenStandardInput();
        }

        return LibC.IsInherited(0)
            ? new UnixInputStream(0)
            : throw new IOException("Cannot read the input: standard input is closed. Give it a file or a pipe, or /dev/null for no input.");
    }

    /// <summary>How many bytes standard input has, if it is a file.</summary>
    public static long? InputSize
    {
        get
        {
            using var input = new SafeFileHandle(0, ownsHandle: false);
            try
            {
                return OperatingSystem.IsWindows() ? null : RandomAccess.GetLength(input);
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                return null;
            }
        }
    }

    /// <summary>Standard output.</summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new UnixOutputStream(1);

    /// <summary>Standard error.</summary>
    public static Stream OpenError() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new UnixOutputStream(2);
}
