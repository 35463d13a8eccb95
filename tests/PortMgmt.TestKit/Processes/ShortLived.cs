using System.Diagnostics;

namespace PortMgmt.TestKit.Processes;

/// <summary>
/// What the runtime of programs is told that tests start and end within seconds, and of what these start: most of what they would take of
/// the processor is compiling, and compiling again what is called often.
/// </summary>
public static class ShortLived
{
    /// <summary>
    /// Code is compiled once for a minute at the least, quickly and not well, is not watched to be compiled better, and is written where it
    /// is executed and not to another mapping of it first.
    /// </summary>
    private static readonly (string Name, string Value)[] Settings =
    [
        ("DOTNET_TieredPGO", "0"),
        ("DOTNET_TC_CallCountingDelayMs", "EA60"),
        ("DOTNET_JITMinOpts", "1"),
        ("DOTNET_EnableWriteXorExecute", "0"),
    ];

    /// <summary>Has a program, and what it starts, compile as little as can be.</summary>
    public static void Prepare(ProcessStartInfo start)
    {
        foreach ((string name, string value) in Settings)
        {
            start.Environment[name] = value;
        }
    }
}
