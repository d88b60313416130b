import type { Messages } from './messages.ts'

export const es: Messages = {
  problem: 'Problema',
  needHelp: '¿Necesita ayuda?',
  contactSupport: 'Contactar con soporte',
  application: 'Aplicación',
  opensInNewTab: 'se abre en una pestaña nueva',
  login: {
    title: (application) => `Inicie sesión para continuar en ${application}`,
    toAccount: 'Inicie sesión en su cuenta',
    username: 'Correo electrónico o nombre de usuario',
    password: 'Contraseña',
    submit: 'Iniciar sesión',
    problems: {
      wrong_credentials:
        'El nombre de usuario o la contraseña no son correctos. Revíselos e inténtelo de nuevo.',
      too_many_attempts: 'Demasiados intentos. Espere unos minutos e inténtelo de nuevo.',
      blocked:
        'Esta cuenta está bloqueada. Si le hemos enviado un correo al respecto, siga el enlace que contiene. Si no, póngase en contacto con soporte.',
      missing_credentials: 'Introduzca su nombre de usuario y su contraseña.',
      too_busy:
        'En este momento están iniciando sesión muchas personas. Espere unos segundos y vuelva a intentarlo.',
      expired_form: 'Esta página ha estado abierta demasiado tiempo. Inicie sesión de nuevo.',
    },
  },
  consent: {
    title: (application) => `${application} solicita acceso`,
    asksForApi: (application, api) => `${application} quiere usar ${api} en su nombre.`,
    asksForIdentity: (application) => `${application} quiere saber quién es usted.`,
    firstParty: (tenant) => `Una aplicación de ${tenant}`,
    thirdParty: (tenant) => `Aplicación ajena a ${tenant}`,
    loggedInAs: 'Ha iniciado sesión como',
    notYou: '¿No es usted?',
    permissions: 'Lo que podrá hacer',
    choose: 'Desmarque lo que no quiera permitir.',
    required: 'siempre necesario',
    sentTo: 'Su respuesta se envía a',
    policy: 'Política de privacidad',
    terms: 'Condiciones del servicio',
    accept: 'Permitir',
    deny: 'Rechazar',
    scopes: {
      openid: 'Reconocerle cuando vuelva a iniciar sesión',
      profile: 'Ver su nombre, su foto y otros datos de su perfil',
      email: 'Ver su dirección de correo electrónico',
      address: 'Ver su dirección postal',
      phone: 'Ver su número de teléfono',
      offline_access: 'Conservar este acceso cuando no esté usando la aplicación',
    },
  },
  error: {
    kinds: {
      authorization_request: {
        title: 'No se ha podido aceptar esta solicitud',
        text: 'La aplicación nos ha enviado una solicitud que no podemos atender. Usted no ha hecho nada mal: vuelva a la aplicación e inténtelo de nuevo. Si vuelve a ocurrir, avise a los responsables de la aplicación.',
      },
      logout_request: {
        title: 'No se pudo aceptar este cierre de sesión',
        text: 'La aplicación nos envió una solicitud de cierre de sesión que no podemos responder. Vuelva a la aplicación o cierre esta página.',
      },
      expired_transaction: {
        title: 'Esta página ha caducado',
        text: 'Ha estado abierta demasiado tiempo o ya se ha utilizado. Vuelva a la aplicación y empiece de nuevo.',
      },
      not_found: {
        title: 'Aquí no hay nada',
        text: 'Puede que la dirección esté mal escrita o que el enlace sea demasiado antiguo. Vuelva a la aplicación e inténtelo de nuevo.',
      },
      too_many_requests: {
        title: 'Un momento, por favor',
        text: 'Ha habido demasiadas solicitudes en poco tiempo. Espere un minuto e inténtelo de nuevo.',
      },
      server_error: {
        title: 'Algo ha fallado por nuestra parte',
        text: 'No ha sido culpa suya. Vuelva a la aplicación e inténtelo de nuevo dentro de un momento.',
      },
      forbidden_form: {
        title: 'Este formulario ya no es válido',
        text: 'Por su seguridad, solo aceptamos los formularios que le hemos mostrado nosotros. Vuelva a la aplicación y empiece de nuevo.',
      },
    },
    forDevelopers: 'Para desarrolladores',
    code: 'Error',
    description: 'Qué ha ocurrido',
    clause: 'Regla',
    help: 'Qué hacer',
    requestId: 'Identificador de la solicitud',
  },
  setup: {
    title: 'Crear la primera cuenta de administración',
    text: (tenant) => `${tenant} está en marcha. Elija la cuenta que se encargará de ello.`,
    email: 'Correo electrónico',
    password: 'Contraseña',
    passwordHint:
      'Al menos 12 caracteres. Unas cuantas palabras al azar son fáciles de recordar y difíciles de adivinar.',
    passwordAgain: 'Repita la contraseña',
    submit: 'Crear cuenta de administración',
    problems: {
      invalid_email: 'Esto no es una dirección de correo. Revísela e inténtelo de nuevo.',
      weak_password: 'Esta contraseña es demasiado fácil de adivinar. Elija una más larga.',
      passwords_differ: 'Las dos contraseñas no coinciden. Escríbalas de nuevo.',
    },
  },
  device: {
    title: 'Conectar un dispositivo',
    text: 'Introduzca el código que muestra su dispositivo.',
    code: 'Código del dispositivo',
    codeHint: 'No importan las mayúsculas, los guiones ni los espacios.',
    submit: 'Continuar',
    shows: 'Su dispositivo debe mostrar este código',
    warning:
      'Continúe solo si lo ha iniciado usted y tiene el dispositivo delante. Si alguien le ha enviado un enlace o un código, no siga.',
    problems: {
      unknown_code: 'Este código no se conoce o ya no es válido. Compárelo con su dispositivo.',
      too_many_attempts: 'Demasiados intentos. Espere unos minutos y vuelva a intentarlo.',
      expired_form: 'Esta página ha estado abierta demasiado tiempo. Introduzca el código de nuevo.',
    },
  },
  home: {
    title: 'Este es un servidor de inicio de sesión',
    text: (tenant) =>
      `${tenant} lo utiliza para que las personas inicien sesión en sus aplicaciones. Para iniciar sesión, abra la aplicación que quiera utilizar.`,
    applications: 'Ver qué aplicaciones pueden actuar en su nombre',
    developers: 'Quien desarrolla lo encuentra todo en',
  },
  unblock: {
    title: '¿Abrir su cuenta de nuevo?',
    text: 'Alguien intentó iniciar sesión en su cuenta con contraseñas incorrectas. Si fue usted, puede volver a intentarlo ahora mismo.',
    submit: 'Abrir mi cuenta',
  },
  logout: {
    title: '¿Cerrar la sesión?',
    text: (user) =>
      `Ha iniciado sesión como ${user}. Al cerrar la sesión, esta termina para todas las aplicaciones.`,
    submit: 'Cerrar sesión',
    stay: 'Seguir con la sesión iniciada',
  },
  loggedOut: {
    title: 'Ha cerrado la sesión',
    text: 'Ya puede cerrar esta página.',
    goingOn: 'En un momento volverá a la aplicación.',
    goOn: 'Volver a la aplicación',
  },
  applications: {
    title: 'Aplicaciones con acceso',
    text: 'Estas aplicaciones pueden actuar en su nombre o saber quién es usted. Retire las que ya no use.',
    none: 'Ninguna aplicación tiene acceso a su cuenta.',
    identity: 'Su perfil',
    allowedOn: (date) => `Permitido el ${date}`,
    staysConnected: 'Sigue conectada cuando usted no está',
    revoke: (application) => `Retirar el acceso de ${application}`,
    effect: (application) =>
      `${application} tendrá que pedirle permiso otra vez antes de obtener algo nuevo.`,
    delay: (duration) =>
      `Con una API que no nos consulta, las aplicaciones pueden seguir funcionando hasta ${duration}.`,
    confirm: 'Retirar el acceso',
    removed: (application) => `${application} ya no tiene acceso.`,
  },
  formPost: {
    title: 'Volver a la aplicación',
    text: 'Su respuesta está lista. Envíela a la aplicación para continuar.',
    submit: 'Continuar',
  },
  message: {
    setup_done: {
      title: 'Todo listo',
      text: 'La cuenta de administración se ha creado. Ahora describa su primera aplicación en un archivo de inquilino e incorpórela con el comando «valetkey apply tenant.yaml».',
    },
    account_unblocked: {
      title: 'Su cuenta vuelve a estar activa',
      text: 'Vuelva a la aplicación e inicie sesión.',
    },
    setup_link_invalid: {
      title: 'Este enlace ya no es válido',
      text: 'Ya se ha utilizado, es demasiado antiguo o se ha creado otro más reciente. Si aún no hay cuenta de administración, reinicie el servidor para obtener un enlace nuevo.',
    },
    link_invalid: {
      title: 'Este enlace ya no es válido',
      text: 'Ya se ha utilizado o es demasiado antiguo. Vuelva a la aplicación y pida uno nuevo.',
    },
    device_connected: {
      title: 'Su dispositivo está conectado',
      text: 'Puede cerrar esta página y continuar en el dispositivo.',
    },
    device_declined: {
      title: 'El dispositivo no se ha conectado',
      text: 'No obtiene ningún acceso. Puede cerrar esta página.',
    },
    still_logged_in: {
      title: 'Su sesión sigue iniciada',
      text: 'No se ha cambiado nada. Puede cerrar esta página.',
    },
  },
}
