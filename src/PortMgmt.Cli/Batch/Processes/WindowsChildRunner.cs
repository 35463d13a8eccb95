using System.Runtime.Versioning;
using System.Text;
using PortMgmt.Cli.Run;
using PortMgmt.Heads;

namespace PortMgmt.Cli.Batch.Processes;

/// <summary>
/// Runs children on Windows. They are born into the job object that this process entered, and end with it at the latest. Each is waited
/// for, fed and read on the thread of its worker.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsChildRunner : IChildRunner
{
    private readonly OutputBuffer _output = new();
    private readonly OutputBuffer _error = new();
    private readonly ManualResetEvent _cancelled = new(initialState: false);
    private string _command = "";
    private string _path = "";

    /// <inheritdoc/>
    public ChildResult Run(ChildRequest request, CancellationToken cancellationToken)
    {
        try
        {
            using WindowsChild child = Start(request);
            return Watch(child, request.Input ?? [], cancellationToken);
        }
        catch (Exception failure) when (failure is CommandFailedException or IOException)
        {
            return ChildResult.NotStarted(failure.Message);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _cancelled.Dispose();

    private WindowsChild Start(ChildRequest request)
    {
        string command = Encoding.UTF8.GetString(request.Arguments[0]);
        if (_path.Length == 0 || command != _command)
        {
            _path = WindowsCommand.Find(command);
            _command = command;
        }

        string? environment = request.Port is { } port
            ? WindowsEnvironment.ToBlock(Environment.GetEnvironmentVariables(), PortEnvironment.GetVariables(PortEnvironment.DefaultName, [port]))
            : null;
        return WindowsChild.Start(WindowsCommand.Prepare(_path, request.Arguments.Skip(1).Select(Encoding.UTF8.GetString)), environment);
    }

    private ChildResult Watch(WindowsChild child, byte[] input, CancellationToken cancellationToken)
    {
        int exitCode;
        using (cancellationToken.UnsafeRegister(static cancelled => ((ManualResetEvent)cancelled!).Set(), _cancelled))
        {
            exitCode = new WindowsChildWatch(child, input, _output, _error, _cancelled.SafeWaitHandle.DangerousGetHandle()).WaitToEnd();
        }

        _cancelled.Reset();
        bool isOver = _output.IsOver || _error.IsOver;
        return ChildResult.Ended(exitCode, signal: 0, _output.Take(), _error.Take(), isOver);
    }
}
