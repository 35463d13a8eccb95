using System.Runtime.Versioning;
using System.Text;

namespace PortMgmt.Cli.Run;

/// <summary>
/// The command behind <c>--</c> exactly as it was given. Unix arguments are bytes, and .NET's text arguments have lost those
/// that are not UTF-8; so they are read again from the system, and held as text of one character per byte (Latin-1).
/// </summary>
internal static class CommandArguments
{
    /// <summary>The command and its arguments, in Latin-1 on Unix and as they are on Windows.</summary>
    /// <param name="decoded">The same arguments as .NET has them: the last ones of this process.</param>
    public static string[] Read(string[] decoded)
    {
        if (OperatingSystem.IsWindows())
        {
            return decoded;
        }

        string[] all = OperatingSystem.IsMacOS() ? ReadVector() : ReadProcFile();
        return all.Length >= decoded.Length ? all[^decoded.Length..] : Array.ConvertAll(decoded, ToBytes);
    }

    private static string ToBytes(string argument) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(argument));

    private static string[] ReadProcFile()
    {
        try
        {
            string text = Encoding.Latin1.GetString(File.ReadAllBytes("/proc/self/cmdline"));
            return text.Split('\0')[..^1];
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Without /proc there are only .NET's own arguments, which are whole unless they are not UTF-8.
            return [];
        }
    }

    [SupportedOSPlatform("macos")]
    private static unsafe string[] ReadVector()
    {
        var arguments = new List<string>();
        for (byte** argument = *LibC.MacArguments(); *argument is not null; argument++)
        {
            arguments.Add(Encoding.Latin1.GetString(System.Runtime.InteropServices.MemoryMarshal.CreateReadOnlySpanFromNullTerminated(*argument)));
        }

        return [.. arguments];
    }
}
