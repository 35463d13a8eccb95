namespace PortMgmt.TestKit.Processes;

/// <summary>
/// The <c>portmgmt</c> that tests start: the one that was built beside them, or another form of it, such as the native one, whose path is
/// in <c>PORTMGMT_TEST_PROGRAM</c>.
/// </summary>
public static class CommandLineProgram
{
    /// <summary>The variable that names another program.</summary>
    public const string Variable = "PORTMGMT_TEST_PROGRAM";

    /// <summary>Its path.</summary>
    /// <exception cref="FileNotFoundException">The variable names a file that is not there: tests of another program would prove nothing.</exception>
    public static string Path { get; } = Find(Environment.GetEnvironmentVariable(Variable));

    private static string Find(string? named)
    {
        if (string.IsNullOrEmpty(named))
        {
            return System.IO.Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "portmgmt.exe" : "portmgmt");
        }

        string full = System.IO.Path.GetFullPath(named);
        return File.Exists(full) ? full : throw new FileNotFoundException($"{Variable} names '{named}', where no program is.", full);
    }
}
