using System.Runtime.Versioning;
using PortMgmt.Cli.Run;
using PortMgmt.Heads;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>Runs children on Unix.</summary>
/// <param name="attributes">How they start; shared by all runners.</param>
[UnsupportedOSPlatform("windows")]
internal sealed unsafe class UnixChildRunner(SpawnAttributes attributes) : IChildRunner
{
    private const int SignalMask = 0x7F;
    private const int SignalBase = 128;

    private readonly CommandFile _file = new();
    private readonly OutputBuffer _output = new();
    private readonly OutputBuffer _error = new();
    private readonly WakePipe _wake = new();

    /// <inheritdoc/>
    public ChildResult Run(ChildRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using UnixChild child = Start(request);
            return Watch(child, request.Input ?? [], cancellationToken);
        }
        catch (Exception failure) when (failure is CommandFailedException or IOException)
        {
            return ChildResult.NotStarted(failure.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _wake.Dispose();

    private UnixChild Start(ChildRequest request)
    {
        string path = _file.Find(request.Arguments[0]);
        if (request.Port is not { } port)
        {
            return UnixChild.Start(path, request.Arguments, LibC.Environment(), attributes, request.Input is not null);
        }

        using var environment = new NativeVector();
        ProcessReplacement.AddEnvironment(environment, PortEnvironment.GetVariables(PortEnvironment.DefaultName, [port]));
        return UnixChild.Start(path, request.Arguments, environment.ToPointer(), attributes, request.Input is not null);
    }

    private ChildResult Watch(UnixChild child, byte[] input, CancellationToken cancellationToken)
    {
        int status;
        using (cancellationToken.UnsafeRegister(static wake => ((WakePipe)wake!).Signal(), _wake))
        {
            status = new ChildWatch(child, input, _output, _error, _wake).WaitToEnd();
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // The signal may have come when nobody looked any more. Another one makes sure that there is one to take.
            _wake.Signal();
            _wake.Clear();
        }

        bool isOver = _output.IsOver || _error.IsOver;
        return ToResult(status, _output.Take(), _error.Take(), isOver);
    }

    private static ChildResult ToResult(int status, byte[] output, byte[] error, bool isOver)
    {
        int signal = status & SignalMask;
        int exitCode = signal == 0 ? status >> 8 & 0xFF : SignalBase + signal;
        return ChildResult.Ended(exitCode, signal, output, error, isOver);
    }
}
