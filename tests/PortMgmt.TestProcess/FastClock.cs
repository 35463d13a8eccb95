namespace PortMgmt.TestProcess;

/// <summary>A monotonic clock that runs twenty times as fast in every process alike: a port is quarantined for three seconds.</summary>
internal class FastClock : TimeProvider
{
    private const long Speed = 20;

    public override long GetTimestamp() => System.GetTimestamp() * Speed;
}
