namespace PortMgmt.Cli.Output;

/// <summary>
/// Standard output and standard error as plain streams. On Unix without <see cref="Console"/>: loading it costs a third of
/// a bare start, and it would install signal handlers and terminal settings that <c>run</c> must not hand on.
/// </summary>
internal static class StandardStream
{
    /// <summary>Standard output.</summary>
    public static Stream OpenOutput() => OperatingSystem.IsWindows() ? Console.OpenStandardOutput() : new UnixOutputStream(1);

    /// <summary>Standard error.</summary>
    public static Stream OpenError() => OperatingSystem.IsWindows() ? Console.OpenStandardError() : new UnixOutputStream(2);
}
