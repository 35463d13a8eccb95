// A web service that asks nobody for a port: it serves on the socket that it is handed, and on ASPNETCORE_URLS where it is handed none.
//
//     dotnet build examples/WebService -o artifacts/web
//     portmgmt run --name web --listen -- dotnet artifacts/web/WebService.dll
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(args);

// Descriptor 3, if LISTEN_PID is this process.
builder.WebHost.ConfigureKestrel(options => options.UseSystemd());

WebApplication app = builder.Build();
app.MapGet("/", () => $"process {Environment.ProcessId}\n");
app.Run();
