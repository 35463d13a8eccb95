namespace PortMgmt.TestKit.Processes;

/// <summary>Signals as Linux numbers them (signal(7)).</summary>
public static class UnixSignal
{
    public const int Kill = 9;
    public const int Continue = 18;
    public const int Stop = 19;
}
