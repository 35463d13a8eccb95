using System.Diagnostics;

namespace PortMgmt.TestKit.Processes;

/// <summary>
/// What the runtime of programs is told that tests start and end within seconds, and of what these start: compiling code once more, since
/// it is called often, would take as much of the processor as the work does.
/// </summary>
public static class ShortLived
{
    /// <summary>Milliseconds without new code after which the runtime begins to count calls, in hexadecimal: a minute.</summary>
    private const string Delay = "EA60";

    /// <summary>Has a program compile its code once, for a minute at the least, and not watch it to compile it better.</summary>
    public static void Prepare(ProcessStartInfo start)
    {
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = Delay;
    }
}
